/** Rounds of federated learning: how a server steps from its model to what its clients say. */
package dev.stockpot.kernels.methods.federated;
