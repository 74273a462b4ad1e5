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

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The files that one writer of one instance has made, in order. An instance has one chain
 * for each meter registry, and each gets a number that no other of this process has.
 *
 * @param instanceId id of the process that writes it, 16 hexadecimal digits
 * @param number tells the chains of one process apart
 */
public record ChainId(String instanceId, int number) {

	private static final Pattern FILE_NAME = Pattern.compile("metrics-([0-9a-f]{16})-(\\d{1,9})-(\\d{1,4})\\.seg");

	public String fileName(int index) {
		return String.format(Locale.ROOT, "metrics-%s-%d-%d.seg", this.instanceId, this.number, index);
	}

	public long instanceIdBits() {
		return Long.parseUnsignedLong(this.instanceId, 16);
	}

	public static ChainId of(long instanceIdBits, int number) {
		return new ChainId(String.format(Locale.ROOT, "%016x", instanceIdBits), number);
	}

	/** One file of a chain, told by its name; null if it is no such file. */
	public static @Nullable Link parse(String fileName) {
		if (!fileName.startsWith("metrics-")) {
			return null;
		}
		Matcher matcher = FILE_NAME.matcher(fileName);
		if (!matcher.matches()) {
			return null;
		}
		return new Link(new ChainId(matcher.group(1), Integer.parseInt(matcher.group(2))),
				Integer.parseInt(matcher.group(3)));
	}

	public record Link(ChainId chain, int index) {
	}

}
