package dev.stockpot.merge.storage;

import java.io.Serializable;

/**
 * The right to write one part of an upload.
 *
 * @param target where the upload gathers its bytes
 * @param upload the store's own name of the upload
 * @param number of the part, from 1
 * @param range of the object that the part fills
 */
public record PartTicket(Location target, String upload, int number, ByteRange range)
    implements Serializable {}
