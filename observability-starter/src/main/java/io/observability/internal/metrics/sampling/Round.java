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

package io.observability.internal.metrics.sampling;

import java.util.Collection;

/**
 * What is to be asked in one pass.
 */
public interface Round {

	/**
	 * Returns what is to be asked.
	 * @param all whether sources that are for readers only are to be asked, too
	 * @return the sources there are now
	 */
	Collection<? extends Source> sources(boolean all);

	/**
	 * Returns whether all sources are to be asked, whether or not there are readers.
	 * @return whether something waits for the end of such a pass
	 */
	default boolean isPending() {
		return false;
	}

	/**
	 * All sources have been asked, except those that another thread still asks.
	 * @param scrape whether this pass was made for a scrape
	 */
	void end(boolean scrape);

}
