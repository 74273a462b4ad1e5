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

package io.observability.internal.log.queue;

import java.lang.System.Logger.Level;
import java.util.List;

/** The number of a level in files: from 1, trace, to 5, error. */
public final class LevelCode {

	/** The levels that have a number of their own, in the order of these. */
	public static final List<Level> LEVELS = List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR);

	static final int COUNT = LEVELS.size();

	private LevelCode() {
	}

	/** Returns the level with a number, or info if there is none. */
	static Level level(int code) {
		return switch (code) {
			case 1 -> Level.TRACE;
			case 2 -> Level.DEBUG;
			case 4 -> Level.WARNING;
			case 5 -> Level.ERROR;
			default -> Level.INFO;
		};
	}

	public static int of(Level level) {
		return switch (level) {
			case ALL, TRACE -> 1;
			case DEBUG -> 2;
			case INFO -> 3;
			case WARNING -> 4;
			case ERROR, OFF -> 5;
		};
	}

}
