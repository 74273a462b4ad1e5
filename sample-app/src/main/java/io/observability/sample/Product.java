package io.observability.sample;

import java.math.BigDecimal;

/**
 * Something to buy.
 *
 * @param id its number
 * @param name what it is
 * @param price in euros
 */
record Product(int id, String name, BigDecimal price) {
}
