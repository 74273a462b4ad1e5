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
