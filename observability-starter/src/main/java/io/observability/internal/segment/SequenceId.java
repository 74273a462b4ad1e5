/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.observability.internal.segment;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Identifies a sequence of segments in a store, whatever slot it is in.
 *
 * @param instanceId id of the process that writes it, 16 hexadecimal digits
 * @param number distinguishes the sequences of one kind that this process writes
 */
public record SequenceId(String instanceId, int number) implements Comparable<SequenceId> {

	private static final Pattern INSTANCE_ID = Pattern.compile("[0-9a-f]{16}");

	private static final Comparator<SequenceId> ORDER = Comparator.comparing(SequenceId::instanceId)
		.thenComparingInt(SequenceId::number);

	public static SequenceId of(long instanceIdBits, int number) {
		return new SequenceId(String.format(Locale.ROOT, "%016x", instanceIdBits), number);
	}

	/**
	 * Returns whether there can be such a sequence, so that its files have names.
	 * @param instanceId id of the instance, perhaps
	 * @param number of the sequence, perhaps
	 * @return whether these are an id and a number
	 */
	public static boolean isValid(String instanceId, int number) {
		return INSTANCE_ID.matcher(instanceId).matches() && number >= 0;
	}

	public long instanceIdBits() {
		return Long.parseUnsignedLong(this.instanceId, 16);
	}

	@Override
	public int compareTo(SequenceId other) {
		return ORDER.compare(this, other);
	}

}
