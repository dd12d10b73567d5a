package io.vimap.protocol;

import java.io.ObjectInputFilter;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Bounds what Java deserialization may create. Of the JDK only values are accepted: the
 * packages below, no reflection, no lambdas, nothing that opens or looks up something. Of
 * the application's class path all is accepted but the libraries that are known to turn
 * deserialization into code execution; that is a second fence, not a wall, for which
 * reason declared types never get here.
 * <p>
 * No array may have more elements than the value has bytes, nor all arrays together: a
 * lying length costs no memory.
 */
final class ErasedValueFilter implements ObjectInputFilter {

	private static final int MAX_DEPTH = 500;

	/**
	 * What a few nearly empty collections may allocate beyond what their bytes justify.
	 */
	private static final int SPARE_ELEMENTS = 1024;

	private static final Set<String> JDK_PACKAGES = Set.of("java.lang", "java.math", "java.time", "java.time.chrono",
			"java.time.zone", "java.time.temporal", "java.util", "java.util.concurrent", "java.util.concurrent.atomic",
			"java.util.concurrent.locks", "java.sql", "java.text", "java.io", "java.nio.file", "java.net");

	/** In the packages above, but not values. */
	private static final Set<String> JDK_REFUSED = Set.of("java.net.URL", "java.io.ObjectStreamClass",
			"java.util.Timer", "java.util.ServiceLoader", "java.util.PropertyPermission");

	private static final List<String> REFUSED = List.of("org.apache.commons.collections.functors.",
			"org.apache.commons.collections.keyvalue.TiedMapEntry", "org.apache.commons.collections.map.LazyMap",
			"org.apache.commons.collections4.functors.", "org.apache.commons.collections4.keyvalue.TiedMapEntry",
			"org.apache.commons.collections4.map.LazyMap",
			"org.apache.commons.collections4.comparators.TransformingComparator", "org.apache.commons.beanutils.",
			"org.apache.commons.fileupload.", "org.apache.xalan.", "org.apache.myfaces.",
			"org.apache.wicket.util.upload.", "org.apache.click.control.", "org.apache.logging.log4j.core.",
			"org.apache.tomcat.dbcp.", "org.apache.commons.dbcp", "org.apache.commons.configuration",
			"org.apache.openjpa.", "org.codehaus.groovy.runtime.", "groovy.lang.", "groovy.util.Expando",
			"org.springframework.aop.", "org.springframework.beans.", "org.springframework.context.",
			"org.springframework.core.SerializableTypeWrapper", "org.springframework.jndi.",
			"org.springframework.transaction.jta.", "org.hibernate.", "org.jboss.interceptor.", "org.jboss.weld.",
			"org.mozilla.javascript.", "org.python.", "org.aspectj.weaver.", "bsh.", "clojure.", "com.mchange.",
			"com.zaxxer.hikari.", "com.rometools.", "com.vaadin.data.", "com.alibaba.fastjson", "net.sf.json.",
			"javassist.", "ch.qos.logback.core.", "com.fasterxml.jackson.databind.node.",
			"tools.jackson.databind.node.", "scala.sys.", "scala.collection.immutable.LazyList",
			"kotlin.jvm.internal.Lambda");

	private final long maxElements;

	private final boolean trusting;

	private long elements;

	private @Nullable String reason;

	/**
	 * Creates a filter for one value.
	 * @param length how many bytes the value has
	 * @param trusting whether any class is accepted
	 */
	ErasedValueFilter(int length, boolean trusting) {
		this.trusting = trusting;
		this.maxElements = (long) length + SPARE_ELEMENTS;
	}

	@Override
	public Status checkInput(FilterInfo info) {
		if (info.depth() > MAX_DEPTH) {
			return reject("it is nested more than " + MAX_DEPTH + " levels deep");
		}
		if (info.arrayLength() >= 0) {
			this.elements += info.arrayLength();
			if (this.elements > this.maxElements) {
				return reject("its arrays claim " + this.elements + " elements, more than it has bytes");
			}
		}
		Class<?> type = info.serialClass();
		return (type != null) ? check(type) : Status.UNDECIDED;
	}

	private Status check(Class<?> type) {
		Class<?> element = type;
		while (element.isArray()) {
			element = element.getComponentType();
		}
		return (this.trusting || element.isPrimitive() || isAccepted(element)) ? Status.ALLOWED
				: reject(element.getName() + " is not among the accepted classes");
	}

	private static boolean isAccepted(Class<?> type) {
		String name = type.getName();
		ClassLoader loader = type.getClassLoader();
		if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
			return JDK_PACKAGES.contains(type.getPackageName()) && !JDK_REFUSED.contains(name);
		}
		return REFUSED.stream().noneMatch(name::startsWith);
	}

	private Status reject(String why) {
		this.reason = why;
		return Status.REJECTED;
	}

	/**
	 * Says why a value was not accepted.
	 * @param failure what deserialization threw
	 * @return this filter's reason if it had one, else the failure
	 */
	String explain(Throwable failure) {
		if (this.reason != null) {
			return this.reason;
		}
		return (failure instanceof StackOverflowError) ? "it is nested too deeply" : failure.toString();
	}

}
