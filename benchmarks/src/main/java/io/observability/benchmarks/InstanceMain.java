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

package io.observability.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An instance of a fleet as small as it can be: its meters, lightly recorded into, and no
 * Spring. It says {@code ready} and ends with its standard input.
 */
final class InstanceMain {

	private static final List<String> JVM_OPTIONS = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	private InstanceMain() {
	}

	/** Starts the process; it is not ready yet. */
	static ChildProcess start(Path store, int series) throws IOException {
		return ChildProcess.startJvm(JVM_OPTIONS, InstanceMain.class,
				List.of(store.toString(), Integer.toString(series)));
	}

	/**
	 * Runs the instance.
	 * @param args the store's folder and the number of series
	 * @throws IOException if the store can't be used
	 */
	public static void main(String[] args) throws IOException {
		try (MeasuredRegistry measured = MeasuredRegistry.join(Path.of(args[0]))) {
			Workload.register(measured.meters(), Integer.parseInt(args[1])).keepRecording();
			System.out.println("ready");
			while (System.in.read() >= 0) {
				// Nothing is asked of it.
			}
		}
	}

}
