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

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * A handler for each way of answering a request.
 */
@Controller
class KindsOfRequests {

	private final Supplier<Gate> gate;

	private final long endlessTimeout;

	/**
	 * Creates the handlers.
	 * @param gate of the test that runs
	 * @param endlessTimeout milliseconds until the container ends a request that does not
	 * end, 0 for never
	 */
	KindsOfRequests(Supplier<Gate> gate, long endlessTimeout) {
		this.gate = gate;
		this.endlessTimeout = endlessTimeout;
	}

	@GetMapping("/plain")
	@ResponseBody
	String plain() {
		this.gate.get().pass();
		return "plain";
	}

	@GetMapping("/items/{id}")
	@ResponseBody
	String pathVariable(@PathVariable String id) {
		this.gate.get().pass();
		return id;
	}

	@RequestMapping("/any-method")
	@ResponseBody
	String anyMethod() {
		this.gate.get().pass();
		return "any";
	}

	@GetMapping("/status")
	ResponseEntity<Void> status() {
		this.gate.get().pass();
		return ResponseEntity.status(HttpStatus.CONFLICT).build();
	}

	@GetMapping("/send-error")
	void sendError(HttpServletResponse response) throws IOException {
		this.gate.get().pass();
		response.sendError(HttpServletResponse.SC_GONE);
	}

	@GetMapping("/thrown")
	void thrown() {
		this.gate.get().pass();
		throw new IllegalStateException("thrown");
	}

	@GetMapping("/intercepted")
	void intercepted() {
	}

	@GetMapping("/forward")
	String forward() {
		return "forward:/plain";
	}

	@GetMapping("/callable")
	@ResponseBody
	Callable<String> callable() {
		Gate gate = this.gate.get();
		return () -> {
			gate.pass();
			return "callable";
		};
	}

	@GetMapping("/callable-thrown")
	@ResponseBody
	Callable<String> callableThrown() {
		Gate gate = this.gate.get();
		return () -> {
			gate.pass();
			throw new IllegalStateException("thrown");
		};
	}

	@GetMapping("/deferred")
	@ResponseBody
	DeferredResult<String> deferred() {
		DeferredResult<String> result = new DeferredResult<>();
		this.gate.get().whenOpen(() -> result.setResult("deferred"));
		return result;
	}

	@GetMapping("/deferred-error")
	@ResponseBody
	DeferredResult<String> deferredError() {
		DeferredResult<String> result = new DeferredResult<>();
		this.gate.get().whenOpen(() -> result.setErrorResult(new IllegalStateException("error")));
		return result;
	}

	@GetMapping("/deferred-timeout")
	@ResponseBody
	DeferredResult<String> deferredTimeout() {
		return new DeferredResult<>(50L);
	}

	@GetMapping("/future")
	@ResponseBody
	CompletableFuture<String> future() {
		CompletableFuture<String> future = new CompletableFuture<>();
		this.gate.get().whenOpen(() -> future.complete("future"));
		return future;
	}

	@GetMapping("/streaming")
	StreamingResponseBody streaming() {
		Gate gate = this.gate.get();
		return (output) -> {
			output.write('a');
			output.flush();
			gate.pass();
			output.write('b');
		};
	}

	@GetMapping("/flux")
	@ResponseBody
	Flux<String> flux() {
		Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
		this.gate.get().whenOpen(() -> {
			sink.tryEmitNext("flux").orThrow();
			sink.tryEmitComplete().orThrow();
		});
		return sink.asFlux();
	}

	@PostMapping("/upload")
	@ResponseBody
	String upload(@RequestParam MultipartFile file) {
		this.gate.get().pass();
		return file.getName();
	}

	@GetMapping("/sse")
	SseEmitter sse() throws IOException {
		SseEmitter emitter = new SseEmitter();
		emitter.send("first");
		this.gate.get().whenOpen(emitter::complete);
		return emitter;
	}

	@GetMapping("/endless")
	void endless(HttpServletResponse response) throws IOException {
		writeForEver(response.getOutputStream());
	}

	@GetMapping("/endless-streaming")
	StreamingResponseBody endlessStreaming() {
		return this::writeForEver;
	}

	@GetMapping("/endless-sse")
	SseEmitter endlessSse() {
		SseEmitter emitter = new SseEmitter(this.endlessTimeout);
		this.gate.get().whenOpen(() -> {
			try {
				while (true) {
					emitter.send("event");
				}
			}
			catch (IOException ex) {
				// the client is gone: the container ends the request
			}
		});
		return emitter;
	}

	/** Until the client is gone. */
	private void writeForEver(OutputStream output) throws IOException {
		this.gate.get().arrive();
		byte[] bytes = new byte[8192];
		while (true) {
			output.write(bytes);
			output.flush();
		}
	}

}
