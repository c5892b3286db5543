/**
 * Objects of all file systems that Hadoop knows, above all S3. The only package that imports
 * Hadoop.
 */
package dev.stockpot.merge.storage.hadoop;
