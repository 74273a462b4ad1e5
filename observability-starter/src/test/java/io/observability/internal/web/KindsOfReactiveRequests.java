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

package io.observability.internal.web;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

import org.reactivestreams.Publisher;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.multipart.FilePart;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A handler for each way of answering a request without holding a thread.
 */
@RestController
class KindsOfReactiveRequests {

	private final Supplier<Gate> gate;

	KindsOfReactiveRequests(Supplier<Gate> gate) {
		this.gate = gate;
	}

	@GetMapping("/plain")
	Mono<String> plain() {
		return whenOpen().thenReturn("plain");
	}

	@GetMapping("/items/{id}")
	Mono<String> pathVariable(@PathVariable String id) {
		return whenOpen().thenReturn(id);
	}

	@RequestMapping("/any-method")
	Mono<String> anyMethod() {
		return whenOpen().thenReturn("any");
	}

	@GetMapping("/status")
	Mono<ResponseEntity<Void>> status() {
		return whenOpen().thenReturn(ResponseEntity.status(HttpStatus.CONFLICT).build());
	}

	@GetMapping("/status-exception")
	Mono<Void> statusException() {
		return whenOpen().then(Mono.error(new ResponseStatusException(HttpStatus.GONE)));
	}

	@GetMapping("/thrown")
	Mono<Void> thrown() {
		return whenOpen().then(Mono.error(new IllegalStateException("thrown")));
	}

	@GetMapping("/handled-exception")
	Mono<Void> handledException() {
		return whenOpen().then(Mono.error(new UnsupportedOperationException()));
	}

	@ExceptionHandler(UnsupportedOperationException.class)
	@ResponseStatus(HttpStatus.NOT_IMPLEMENTED)
	void handle() {
	}

	@GetMapping("/timeout")
	Mono<Void> timeout() {
		return Mono.<Void>never().timeout(Duration.ofMillis(1));
	}

	@GetMapping("/never")
	Mono<Void> never() {
		this.gate.get().arrive();
		return Mono.never();
	}

	@GetMapping("/flux")
	Flux<String> flux() {
		return Flux.concat(Mono.just("first"), whenOpen().thenReturn("last"));
	}

	@GetMapping(path = "/sse", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<String> sse() {
		return Flux.concat(Mono.just("first"), whenOpen().thenReturn("last"));
	}

	@GetMapping(path = "/failing", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<String> failing() {
		return Flux.concat(Mono.just("first"), whenOpen().then(Mono.error(new IllegalStateException("late"))));
	}

	@PostMapping("/upload")
	Mono<String> upload(@RequestPart FilePart file) {
		return whenOpen().thenReturn(file.filename());
	}

	@GetMapping("/endless")
	Mono<Void> endless(ServerHttpResponse response) {
		Publisher<byte[]> bytes = forEver().map((count) -> new byte[8192]);
		return response.writeAndFlushWith(Flux.from(bytes).map((b) -> Mono.just(response.bufferFactory().wrap(b))));
	}

	@GetMapping(path = "/endless-sse", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<Map<String, Long>> endlessSse() {
		return forEver().map((count) -> Map.of("count", count));
	}

	private Flux<Long> forEver() {
		return whenOpen().thenMany(Flux.interval(Duration.ofMillis(1)).onBackpressureDrop());
	}

	Mono<Void> whenOpen() {
		return Mono.defer(() -> {
			Sinks.Empty<Void> opened = Sinks.empty();
			this.gate.get().whenOpen(() -> opened.tryEmitEmpty().orThrow());
			return opened.asMono();
		});
	}

}
