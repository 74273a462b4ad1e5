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

package io.observability.internal.registry;

/**
 * A meter that is recorded into, of events that other registries may record as well.
 *
 * @param share has what is recorded from now on shared
 * @param keep has it kept in this process
 */
record RecordedCommonMeter(Runnable share, Runnable keep) implements CommonMeter {

	@Override
	public void expose(double[][] reported, Runnable former) {
		former.run();
		this.share.run();
	}

	@Override
	public double[][] handOver() {
		return new double[0][];
	}

	@Override
	public void leave() {
		this.keep.run();
	}

}
