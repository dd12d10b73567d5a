package io.vimap.boot.autoconfigure.workers;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.vimap.boot.VimapWorker;

import org.springframework.util.unit.DataSize;

@VimapWorker("lengths")
public class Lengths extends AbstractLengths<String> {

	public record Args(String server, Duration timeout, DataSize limit, List<String> tags, Map<String, Integer> sizes) {
	}

	public Lengths(Args args) {
	}

	@Override
	public Map<String, List<Integer>> process(List<String> input) {
		return Map.of();
	}

}
