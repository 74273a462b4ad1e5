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

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is wrong at present: with a file of the store, or with a metric that can't be
 * exposed as it should be. Safe for any thread.
 *
 * <p>
 * A problem is over when it is resolved, or if it is not reported again for some minutes.
 * There is one warning for each kind of problem of each file or metric; another one only
 * if the problem returns after it was forgotten. The number of problems is limited.
 */
public final class Problems {

	static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

	static final int MAX_PROBLEMS = 100;

	private final Consumer<String> warning;

	private final InstantSource clock;

	private final Map<Key, Problem> problems = new LinkedHashMap<>();

	/**
	 * Creates an empty list.
	 * @param warning receives a text for each problem, once
	 */
	public Problems(Consumer<String> warning) {
		this(warning, InstantSource.system());
	}

	Problems(Consumer<String> warning, InstantSource clock) {
		this.warning = warning;
		this.clock = clock;
	}

	/**
	 * Reports that an operation on a file has failed.
	 * @param file the file or folder
	 * @param what the kind of problem: what is wrong and what follows from it
	 * @param cause the failure
	 */
	public void report(Path file, String what, Throwable cause) {
		String message = cause.getMessage();
		report(new Key(file, what, cause.getClass().getName()), (message != null) ? message : cause.toString(), false);
	}

	/**
	 * Reports a problem of a file.
	 * @param file the file or folder
	 * @param what the kind of problem
	 * @param detail names and values
	 */
	public void report(Path file, String what, String detail) {
		report(new Key(file, what, ""), detail, false);
	}

	/**
	 * Reports a problem of a file that is not over until it is resolved.
	 * @param file the file or folder
	 * @param what the kind of problem
	 * @param detail names and values
	 */
	public void reportLasting(Path file, String what, String detail) {
		report(new Key(file, what, ""), detail, true);
	}

	/**
	 * Reports that a metric can't be exposed as it should be.
	 * @param metric name of the metric
	 * @param what the kind of problem
	 * @param detail names and values
	 */
	public void report(String metric, String what, String detail) {
		report(new Key(metric, what, ""), detail, false);
	}

	/**
	 * Reports a problem of a metric that is not over until it is resolved.
	 * @param metric name of the metric
	 * @param what the kind of problem
	 * @param detail names and values
	 */
	public void reportLasting(String metric, String what, String detail) {
		report(new Key(metric, what, ""), detail, true);
	}

	private void report(Key key, String detail, boolean lasting) {
		String text = key.what + detail;
		if (isNew(key, new Problem(text, this.clock.instant(), lasting, false))) {
			this.warning.accept(text + key.suffix());
		}
	}

	private synchronized boolean isNew(Key key, Problem problem) {
		forget();
		if (this.problems.size() >= MAX_PROBLEMS) {
			this.problems.values().removeIf(Problem::resolved);
		}
		if (this.problems.size() >= MAX_PROBLEMS && !this.problems.containsKey(key)) {
			return false;
		}
		return this.problems.put(key, problem) == null;
	}

	private void forget() {
		Instant oldest = this.clock.instant().minus(FORGOTTEN_AFTER);
		this.problems.values().removeIf((problem) -> !problem.lasting && problem.reported.isBefore(oldest));
	}

	/**
	 * Resolves a problem: the operation that had failed has succeeded.
	 * @param file the file or folder
	 * @param what the kind of problem
	 */
	public void resolve(Path file, String what) {
		resolveAll(file, what);
	}

	/**
	 * Resolves a problem of a metric.
	 * @param metric name of the metric
	 * @param what the kind of problem
	 */
	public void resolve(String metric, String what) {
		resolveAll(metric, what);
	}

	private synchronized void resolveAll(Object subject, String what) {
		// It stays for a while, so that one that comes and goes causes one warning.
		this.problems.replaceAll((key, problem) -> (key.subject.equals(subject) && key.what.equals(what))
				? new Problem(problem.text, problem.reported, false, true) : problem);
	}

	/**
	 * Returns the present problems of files.
	 * @return a copy
	 */
	public Map<Path, String> byFile() {
		return current(Path.class);
	}

	/**
	 * Returns the present problems of metrics.
	 * @return a copy, by the metric's name
	 */
	public Map<String, String> byMetric() {
		return current(String.class);
	}

	private synchronized <T> Map<T, String> current(Class<T> type) {
		forget();
		Map<T, String> current = new LinkedHashMap<>();
		this.problems.forEach((key, problem) -> {
			if (!problem.resolved && type.isInstance(key.subject)) {
				current.merge(type.cast(key.subject), problem.text, (first, second) -> first + "; " + second);
			}
		});
		return current;
	}

	/**
	 * Identifies a problem.
	 *
	 * @param subject the file, or the name of the metric
	 * @param what the kind of problem
	 * @param cause type of its cause, or empty
	 */
	private record Key(Object subject, String what, String cause) {

		private String suffix() {
			return ((this.subject instanceof Path) ? ", file=" : ", metric=") + this.subject;
		}

	}

	/**
	 * A problem.
	 *
	 * @param text describes it
	 * @param reported when it was last reported
	 * @param lasting whether only {@link #resolve} ends it
	 * @param resolved whether it is over
	 */
	private record Problem(String text, Instant reported, boolean lasting, boolean resolved) {
	}

}
