/** What a recipe means by a model: a view, whose tensors are made of what is stored. */
package dev.stockpot.merge.model;
