package io.vimap.boot.autoconfigure.workers;

import java.util.List;
import java.util.Map;

import io.vimap.worker.Worker;

abstract class AbstractLengths<T> implements Worker<List<T>, Map<T, List<Integer>>> {

}
