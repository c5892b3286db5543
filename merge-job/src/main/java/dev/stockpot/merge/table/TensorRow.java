package dev.stockpot.merge.table;

import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.Serializable;

/**
 * A tensor as a row tells of it.
 *
 * @param model as it was named
 * @param stack prefix of the numbered blocks that it stands in, {@code model.layers}; empty if none
 * @param layer counted from 0 in its stack; -1 outside of stacks
 */
record TensorRow(String model, TensorInfo tensor, String stack, int layer)
    implements Serializable {}
