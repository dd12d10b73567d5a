package io.vimap.protocol;

import java.io.Serializable;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link GenericTypes}.
 */
class GenericTypesTests {

	@Test
	void direct() {
		assertThat(arguments(Direct.class)).containsExactly(String.class, Integer.class);
	}

	@Test
	void throughSuperclass() {
		assertThat(arguments(Indirect.class)).containsExactly(String.class, Integer.class);
	}

	@Test
	void throughGenericBases() throws Exception {
		assertThat(arguments(Bottom.class)).containsExactly(type("listOfString"), type("mapOfStringToString"));
		assertThat(arguments(Bottom.class)[0]).hasToString("java.util.List<java.lang.String>")
			.hasSameHashCodeAs(type("listOfString"));
		assertThat(type("listOfString")).isEqualTo(arguments(Bottom.class)[0]);
	}

	@Test
	void throughInterfaces() throws Exception {
		assertThat(arguments(Swapped.class)).containsExactly(type("listOfString"), Long.class);
	}

	@Test
	void arrays() throws Exception {
		assertThat(arguments(Arrays.class)).containsExactly(String[].class, type("arrayOfLists"));
		assertThat(arguments(PlainArrays.class)).containsExactly(int[].class, String[][].class);
	}

	@Test
	void wildcardsAndOwners() throws Exception {
		assertThat(arguments(Wild.class)).containsExactly(type("wild"), type("owned"));
		assertThat(arguments(Wild.class)[0]).hasToString(type("wild").toString());
		assertThat(arguments(Wild.class)[1]).hasToString(type("owned").toString());
	}

	@Test
	void innerClassSeesArgumentsOfItsOwner() {
		assertThat(arguments(InnerOfString.class)).containsExactly(String.class, Integer.class);
	}

	@Test
	void anonymousClass() {
		Function<String, List<Integer>> anonymous = new Function<>() {

			@Override
			public List<Integer> apply(String text) {
				return List.of(text.length());
			}

		};
		assertThat(arguments(anonymous.getClass())[0]).isEqualTo(String.class);
		assertThat(arguments(anonymous.getClass())[1]).hasToString("java.util.List<java.lang.Integer>");
	}

	@Test
	void whatIsOpenStaysVariable() {
		Function<String, Integer> lambda = String::length;
		for (Class<?> each : List.of(lambda.getClass(), Base.class, RawBase.class, Open.class)) {
			for (Type argument : arguments(each)) {
				assertThat(argument.getTypeName()).containsPattern("\\b[A-Z]\\b");
			}
		}
		assertThat(arguments(Open.class)[0]).isInstanceOf(TypeVariable.class).hasToString("Q");
	}

	@Test
	void ofTheInterfaceItself() {
		assertThat(arguments(Function.class)).containsExactly(Function.class.getTypeParameters());
		assertThat(GenericTypes.argumentsOf(Direct.class, Serializable.class)).isEmpty();
	}

	@Test
	void interfaceThatIsNotImplementedIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> GenericTypes.argumentsOf(Direct.class, Comparator.class))
			.withMessageContaining(Direct.class.getName())
			.withMessageContaining(Comparator.class.getName());
	}

	private static Type[] arguments(Class<?> type) {
		return GenericTypes.argumentsOf(type, Function.class);
	}

	private static Type type(String field) throws NoSuchFieldException {
		return Expected.class.getDeclaredField(field).getGenericType();
	}

	@SuppressWarnings("unused")
	static class Expected {

		List<String> listOfString;

		Map<String, String> mapOfStringToString;

		List<String>[] arrayOfLists;

		Map<? extends String, ? super String> wild;

		Owner<String>.Inner<Integer> owned;

	}

	abstract static class Direct implements Function<String, Integer>, Serializable {

	}

	abstract static class Indirect extends Direct {

	}

	abstract static class Base<T> implements Function<List<T>, Map<String, T>> {

	}

	abstract static class Middle<A, B> extends Base<B> {

	}

	abstract static class Bottom extends Middle<Integer, String> implements Serializable {

	}

	interface Reversed<O, I> extends Comparable<O>, Function<List<I>, O> {

	}

	abstract static class Swapped implements Serializable, Reversed<Long, String> {

	}

	abstract static class ArrayBase<T> implements Function<T[], List<T>[]> {

	}

	abstract static class Arrays extends ArrayBase<String> {

	}

	abstract static class PlainArrays implements Function<int[], String[][]> {

	}

	abstract static class WildBase<T> implements Function<Map<? extends T, ? super T>, Owner<T>.Inner<Integer>> {

	}

	abstract static class Wild extends WildBase<String> {

	}

	@SuppressWarnings("rawtypes")
	abstract static class RawBase extends Base {

	}

	abstract static class Open<Q> implements Function<Q, BiFunction<Q, Q, Q>> {

	}

	static class Owner<T> {

		abstract class Inner<S> implements Function<T, S> {

		}

	}

	abstract static class InnerOfString extends Owner<String>.Inner<Integer> {

		InnerOfString(Owner<String> owner) {
			owner.super();
		}

	}

}
