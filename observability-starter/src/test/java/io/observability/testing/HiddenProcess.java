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

package io.observability.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * An instance whose process others can't see, as in a container of its own: only its lock
 * shows that it lives.
 */
public final class HiddenProcess {

	private HiddenProcess() {
	}

	/**
	 * Makes others take an instance for one of another pid namespace.
	 * @param slot the folder of its slot
	 * @throws IOException if its description can't be changed
	 */
	public static void in(Path slot) throws IOException {
		Path file = slot.resolve("instance");
		List<String> lines = Files.readAllLines(file)
			.stream()
			.map((line) -> line.startsWith("pid-namespace=") ? "pid-namespace=pid:[1]" : line)
			.toList();
		Path changed = Files.write(slot.resolve("instance.changed"), lines);
		Files.move(changed, file, StandardCopyOption.ATOMIC_MOVE);
	}

}
