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

import java.util.List;
import java.util.UUID;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The shop itself: products and orders.
 */
@RestController
class ShopController {

	private static final Logger logger = LoggerFactory.getLogger(ShopController.class);

	private final Catalogue catalogue;

	private final Counter orders;

	private final DistributionSummary orderValue;

	ShopController(Catalogue catalogue, MeterRegistry registry) {
		this.catalogue = catalogue;
		this.orders = Counter.builder("shop.orders").description("Orders taken").register(registry);
		this.orderValue = DistributionSummary.builder("shop.order.value")
			.description("Value of an order")
			.baseUnit("cents")
			.register(registry);
	}

	@GetMapping("/products")
	List<Catalogue.Product> products() {
		return this.catalogue.products();
	}

	@GetMapping("/products/{id}")
	Catalogue.Product product(@PathVariable String id) {
		return this.catalogue.product(id);
	}

	@PostMapping("/orders")
	@ResponseStatus(HttpStatus.CREATED)
	Order order(@RequestParam String product, @RequestParam(defaultValue = "1") int quantity,
			@RequestParam(defaultValue = "") String reference) {
		Catalogue.Product ordered = this.catalogue.product(product);
		this.catalogue.take(ordered, quantity);
		this.orders.increment();
		this.orderValue.record((double) ordered.cents() * quantity);
		String id = reference.isEmpty() ? UUID.randomUUID().toString() : reference;
		logger.info("order {}: {} x {}", id, quantity, ordered.name());
		return new Order(id, "taken");
	}

	/** A real shop would ask its database: here every order has been sent. */
	@GetMapping("/orders/{id}")
	Order order(@PathVariable String id) {
		return new Order(id, "sent");
	}

	/**
	 * An order.
	 *
	 * @param id its key
	 * @param state how far it is
	 */
	record Order(String id, String state) {
	}

}
