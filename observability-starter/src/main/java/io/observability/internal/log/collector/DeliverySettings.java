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

package io.observability.internal.log.collector;

import java.time.Duration;
import java.util.List;

/**
 * What a collector delivers events to, and how.
 *
 * @param receivers of the events, each with a name of its own
 * @param orderingWindow how long events are held back so that those of other processes
 * can be put in front of them
 * @param maxBacklog bytes of each slot's queues that are kept for receivers that fall
 * behind
 */
public record DeliverySettings(List<? extends EventReceiver> receivers, Duration orderingWindow, long maxBacklog) {
}
