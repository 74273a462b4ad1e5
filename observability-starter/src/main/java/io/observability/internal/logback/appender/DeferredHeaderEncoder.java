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

package io.observability.internal.logback.appender;

import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import org.jspecify.annotations.Nullable;

/**
 * Has the header before its first event rather than when it is started, and no footer
 * without an event.
 */
final class DeferredHeaderEncoder<E> extends EncoderBase<E> {

	private final Encoder<E> original;

	private final AtomicBoolean deferred = new AtomicBoolean(true);

	DeferredHeaderEncoder(Encoder<E> original) {
		this.original = original;
		this.started = original.isStarted();
	}

	Encoder<E> original() {
		return this.original;
	}

	@Override
	public byte @Nullable [] headerBytes() {
		return this.deferred.get() ? null : this.original.headerBytes();
	}

	@Override
	public byte @Nullable [] encode(E event) {
		byte[] bytes = this.original.encode(event);
		if (!this.deferred.get() || !this.deferred.compareAndSet(true, false)) {
			return bytes;
		}
		EncodedEvent both = EncodedEvent.of(this.original.headerBytes());
		both.add((bytes != null) ? bytes : new byte[0]);
		return both.toByteArray();
	}

	@Override
	public byte @Nullable [] footerBytes() {
		return this.deferred.get() ? null : this.original.footerBytes();
	}

}
