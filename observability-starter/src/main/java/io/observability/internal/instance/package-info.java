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

/**
 * Who is there: the store's folder, the slots in it, and which of them are held by a
 * living process. Liveness is an operating-system file lock. A process can lose its lock,
 * so an instance without one is terminated only if its process, as far as that can be
 * seen, does not run.
 */
@NullMarked
package io.observability.internal.instance;

import org.jspecify.annotations.NullMarked;
