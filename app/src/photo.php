<?php
// A customer's photo: weighed, never kept.

/** Bytes received; refused with the server's own reason when it is too large. */
function photo_size(): int
{
    $photo = $_FILES['photo'] ?? null;
    if ($photo === null && (int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > bytes(ini_get('post_max_size'))) {
        refuse('post_max_size', 413);
    }
    $error = $photo['error'] ?? UPLOAD_ERR_NO_FILE;
    return match (is_int($error) ? $error : UPLOAD_ERR_NO_FILE) { // of photo[], PHP makes lists
        UPLOAD_ERR_OK => $photo['size'],
        UPLOAD_ERR_INI_SIZE => refuse('upload_max_filesize', 413),
        UPLOAD_ERR_PARTIAL => refuse('photo_incomplete', 400),
        UPLOAD_ERR_NO_FILE => refuse('photo_missing', 422),
        default => refuse('photo_unstored', 500),
    };
}

/** "2M" as PHP's settings write it, in bytes. */
function bytes(string $setting): int
{
    $factor = ['K' => 1 << 10, 'M' => 1 << 20, 'G' => 1 << 30];
    return (int) $setting * ($factor[strtoupper(substr($setting, -1))] ?? 1);
}
