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

/**
 * Whether there is room on the stack for something that must not be left half done, such
 * as holding a lock: even its last step is a call.
 */
final class StackRoom {

	/** A frame takes 16 bytes at least, and 100 while the code is interpreted. */
	private static final int FRAMES_FOR_A_LOCK = 200;

	/** Making a file calls deep into the JDK. */
	private static final int FRAMES_FOR_A_FILE = 800;

	private StackRoom() {
	}

	static boolean isEnoughForALock() {
		return isEnough(FRAMES_FOR_A_LOCK);
	}

	static boolean isEnoughForAFile() {
		return isEnough(FRAMES_FOR_A_FILE);
	}

	private static boolean isEnough(int frames) {
		try {
			return depth(frames) == frames;
		}
		catch (StackOverflowError ex) {
			return false;
		}
	}

	private static int depth(int frames) {
		return (frames == 0) ? 0 : 1 + depth(frames - 1);
	}

}
