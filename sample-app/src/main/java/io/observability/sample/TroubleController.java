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

package io.observability.sample;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What every shop has as well: slow pages, failing ones, and some that answer later.
 */
@RestController
class TroubleController {

	@GetMapping("/slow")
	String slow(@RequestParam(defaultValue = "1000") long ms) throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(ms);
		return "after " + ms + " ms";
	}

	@GetMapping("/fail")
	String fail() {
		throw new IllegalStateException("the till is stuck");
	}

	@GetMapping("/async")
	CompletableFuture<String> async(@RequestParam(defaultValue = "100") long ms) {
		return CompletableFuture.supplyAsync(() -> "after " + ms + " ms",
				CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS));
	}

}
