package io.vimap.protocol;

import java.io.File;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TimeZone;
import java.util.regex.Pattern;

import tools.jackson.databind.module.SimpleModule;

/**
 * Values of the JDK that Jackson, too, writes as text, but as one from which it makes
 * another value.
 */
final class JsonTexts {

	private JsonTexts() {
	}

	/**
	 * Makes a module write and read these values.
	 * @param module the module
	 */
	static void addTo(SimpleModule module) {
		new PathText().addTo(module);
		new FileText().addTo(module);
		new PatternText().addTo(module);
		new LocaleText().addTo(module);
		new TimeZoneText().addTo(module);
		new AddressText().addTo(module);
		new SocketAddressText().addTo(module);
	}

	/** Jackson makes relative paths absolute. */
	private static final class PathText extends JsonText<Path> {

		/** No URI begins so. */
		private static final String HERE = ":";

		PathText() {
			super(Path.class);
		}

		@Override
		String write(Path path) {
			return (path.getFileSystem() == FileSystems.getDefault()) ? HERE + path : path.toUri().toString();
		}

		@Override
		Path read(String text) {
			return text.startsWith(HERE) ? Path.of(text.substring(HERE.length())) : Path.of(URI.create(text));
		}

	}

	/** And relative files. */
	private static final class FileText extends JsonText<File> {

		/** So that the text of the empty file is not empty. */
		private static final String MARK = ":";

		FileText() {
			super(File.class);
		}

		@Override
		String write(File file) {
			return MARK + file.getPath();
		}

		@Override
		File read(String text) {
			return new File(text.substring(MARK.length()));
		}

	}

	/** Jackson forgets the flags. */
	private static final class PatternText extends JsonText<Pattern> {

		private static final char END_OF_FLAGS = ':';

		PatternText() {
			super(Pattern.class);
		}

		@Override
		String write(Pattern pattern) {
			return pattern.flags() + String.valueOf(END_OF_FLAGS) + pattern.pattern();
		}

		@Override
		Pattern read(String text) {
			int end = text.indexOf(END_OF_FLAGS);
			return Pattern.compile(text.substring(end + 1), Integer.parseInt(text, 0, end, 10));
		}

	}

	/** There are locales without a language tag of their own, as no_NO_NY. */
	private static final class LocaleText extends JsonText<Locale> {

		/** No language tag begins so. */
		private static final String PARTS = "_";

		LocaleText() {
			super(Locale.class);
		}

		@Override
		String write(Locale locale) {
			String tag = locale.toLanguageTag();
			return Locale.forLanguageTag(tag).equals(locale) ? tag
					: PARTS + String.join(PARTS, locale.getLanguage(), locale.getCountry(), locale.getVariant());
		}

		@Override
		Locale read(String text) {
			if (!text.startsWith(PARTS)) {
				return Locale.forLanguageTag(text);
			}
			String[] parts = text.split(PARTS, 4);
			return new Locale(parts[1], parts[2], parts[3]);
		}

	}

	/** Where nobody knows the name of a zone, Jackson reads GMT. */
	private static final class TimeZoneText extends JsonText<TimeZone> {

		TimeZoneText() {
			super(TimeZone.class);
		}

		@Override
		String write(TimeZone zone) {
			if (!read(zone.getID()).hasSameRules(zone)) {
				throw new IllegalArgumentException("a time zone travels by its name, and '" + zone.getID()
						+ "' is not the name of this one: " + zone);
			}
			return zone.getID();
		}

		@Override
		TimeZone read(String name) {
			return TimeZone.getTimeZone(name);
		}

	}

	/**
	 * Jackson writes the name of the host, if there is one, and can't read it. Here it is
	 * name and address; nothing is looked up.
	 */
	private static final class AddressText extends JsonText<InetAddress> {

		AddressText() {
			super(InetAddress.class);
		}

		@Override
		String write(InetAddress address) {
			String shown = address.toString();
			int scope = (address instanceof Inet6Address scoped) ? scoped.getScopeId() : 0;
			return shown.substring(0, shown.lastIndexOf('/') + 1) + HexFormat.of().formatHex(address.getAddress())
					+ ((scope != 0) ? "%" + scope : "");
		}

		@Override
		InetAddress read(String text) {
			int slash = text.lastIndexOf('/');
			int percent = text.indexOf('%', slash);
			String host = (slash > 0) ? text.substring(0, slash) : null;
			byte[] address = HexFormat.of().parseHex(text, slash + 1, (percent >= 0) ? percent : text.length());
			try {
				return (percent >= 0)
						? Inet6Address.getByAddress(host, address, Integer.parseInt(text.substring(percent + 1)))
						: InetAddress.getByAddress(host, address);
			}
			catch (UnknownHostException ex) {
				throw new IllegalArgumentException(ex);
			}
		}

	}

	/** Jackson forgets the address, and that it was known. */
	private static final class SocketAddressText extends JsonText<InetSocketAddress> {

		/** No address is known. */
		private static final String UNRESOLVED = "?";

		private final AddressText addresses = new AddressText();

		SocketAddressText() {
			super(InetSocketAddress.class);
		}

		@Override
		String write(InetSocketAddress socket) {
			InetAddress address = socket.getAddress();
			return ((address != null) ? this.addresses.write(address) : UNRESOLVED + socket.getHostString()) + ":"
					+ socket.getPort();
		}

		@Override
		InetSocketAddress read(String text) {
			int colon = text.lastIndexOf(':');
			int port = Integer.parseInt(text.substring(colon + 1));
			return text.startsWith(UNRESOLVED)
					? InetSocketAddress.createUnresolved(text.substring(UNRESOLVED.length(), colon), port)
					: new InetSocketAddress(this.addresses.read(text.substring(0, colon)), port);
		}

	}

}
