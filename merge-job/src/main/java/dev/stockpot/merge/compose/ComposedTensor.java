package dev.stockpot.merge.compose;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;

/**
 * A tensor that rules made, for people.
 *
 * @param dtype that it is stored as, unless the merge says another
 * @param origin what it is made of, in words
 * @param line of the rule
 */
public record ComposedTensor(String name, Shape shape, DType dtype, String origin, int line) {}
