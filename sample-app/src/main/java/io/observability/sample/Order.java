package io.observability.sample;

import java.math.BigDecimal;

/**
 * What a customer has bought.
 *
 * @param id tells product and quantity too, see {@link Shop}
 * @param product what
 * @param quantity how many
 * @param value in euros
 */
record Order(String id, Product product, int quantity, BigDecimal value) {

	static Order of(String id, Product product, int quantity) {
		return new Order(id, product, quantity, product.price().multiply(BigDecimal.valueOf(quantity)));
	}

}
