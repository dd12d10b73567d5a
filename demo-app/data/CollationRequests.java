import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns Unicode's collation table into requests, one per entry, in the table's order:
 * {@code java CollationRequests.java allkeys.txt requests.jsonl}. Entries with a code
 * point of U+A000 or more are left out to keep the file small.
 */
class CollationRequests {

	private static final Pattern ENTRY = Pattern.compile("([0-9]\\p{XDigit}{3}(?: [0-9]\\p{XDigit}{3})*) +; +(\\S+) # (.+)");

	public static void main(String[] args) throws IOException {
		try (Stream<String> table = Files.lines(Path.of(args[0]));
				PrintWriter requests = new PrintWriter(args[1], StandardCharsets.US_ASCII)) {
			table.map(ENTRY::matcher)
				.filter(Matcher::matches)
				.forEach((entry) -> requests.print(request(entry.group(1), entry.group(2), entry.group(3))));
		}
	}

	private static String request(String codePoints, String weights, String name) {
		// Escapes instead of characters: some are controls or change the direction of text
		String characters = Arrays.stream(codePoints.split(" "))
			.map((codePoint) -> "\\u" + codePoint)
			.collect(Collectors.joining());
		return """
				{"uri": "/collation/%s", "data": {"characters": "%s", "name": "%s", "weights": "%s"}}
				""".formatted(codePoints.replace(' ', '-'), characters, name.replace("\\", "\\\\").replace("\"", "\\\""),
				weights);
	}

}
