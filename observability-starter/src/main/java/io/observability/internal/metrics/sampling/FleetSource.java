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

/**
 * Finds values out of the whole fleet, so that those of all instances are the same.
 * Gauges of such an object need not be asked while there is no reader, whatever their
 * mode: whichever instance is shown, all of them find the value out anew when there is
 * one. Only this starter has such objects. A gauge of the application is never taken for
 * one of them, whatever its name.
 */
public interface FleetSource {

}
