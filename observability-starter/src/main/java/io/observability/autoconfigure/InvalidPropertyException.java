package io.observability.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the value of a property makes no sense. The start then fails with a text
 * that names the property, the value and the remedy.
 */
class InvalidPropertyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String value;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param property full name of the property
	 * @param value what it was set to
	 * @param remedy what to do, a sentence
	 */
	InvalidPropertyException(String property, @Nullable Object value, String remedy) {
		super("invalid property: %s=%s".formatted(property, value));
		this.property = property;
		this.value = String.valueOf(value);
		this.remedy = remedy;
	}

	String getProperty() {
		return this.property;
	}

	String getValue() {
		return this.value;
	}

	String getRemedy() {
		return this.remedy;
	}

}
