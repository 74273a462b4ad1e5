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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/**
 * What the shop sells, and how much of it this worker has in stock.
 */
@Component
class Catalogue {

	private static final List<Product> PRODUCTS = List.of(new Product("tea", "Green tea", 450),
			new Product("cup", "Cup", 890), new Product("pot", "Teapot", 3490));

	private static final int FULL = 10_000;

	private final Map<String, AtomicInteger> stock = new ConcurrentHashMap<>();

	Catalogue(MeterRegistry registry) {
		for (Product product : PRODUCTS) {
			AtomicInteger pieces = new AtomicInteger(FULL);
			this.stock.put(product.id(), pieces);
			Gauge.builder("shop.stock", pieces, AtomicInteger::get)
				.description("Pieces in stock")
				.tag("product", product.id())
				.register(registry);
		}
	}

	List<Product> products() {
		return PRODUCTS;
	}

	Product product(String id) {
		return PRODUCTS.stream()
			.filter((product) -> product.id().equals(id))
			.findFirst()
			.orElseThrow(() -> new NoSuchProductException(id));
	}

	void take(Product product, int quantity) {
		AtomicInteger pieces = this.stock.get(product.id());
		if (pieces != null && pieces.addAndGet(-quantity) < 0) {
			pieces.set(FULL);
		}
	}

	/**
	 * A product.
	 *
	 * @param id its key
	 * @param name what it is called
	 * @param cents its price
	 */
	record Product(String id, String name, int cents) {
	}

}
