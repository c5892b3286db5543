/**
 * Models that were trained apart: which units of them may change places (specs, as data), and views
 * of one model with its units where another one has those that are most alike.
 *
 * <p>Where units of a layer may move and the residual stream may not, each layer is matched by
 * itself, by a task of its own that reads a tensor of both models at a time. What is found is
 * small: orders of units. The view is made of these before the merge is planned, so that every
 * method works on aligned models as on any, and what is found twice is the same.
 */
package dev.stockpot.merge.align;
