package dev.stockpot.merge.model;

/**
 * Where an element of a tensor comes from.
 *
 * @param origin the file, or what makes the tensor
 * @param element its place in that tensor
 */
public record ElementPlace(String origin, String tensor, long element) {}
