package dev.stockpot.merge.align;

/**
 * What may move beside units of layers.
 *
 * @param residual whether the residual stream may, which joins all layers
 * @param experts whether experts may change places, each with its row of the router
 * @param turnsHeads whether heads are turned, rather than their units put elsewhere
 */
public record Moves(boolean residual, boolean experts, boolean turnsHeads) {}
