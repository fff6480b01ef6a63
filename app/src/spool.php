<?php
// Letters wait here until a mail system has accepted them, so that no order is lost.

function spool(): string
{
    $folder = getenv('SHOP_SPOOL') ?: '/var/spool/shop';
    is_dir($folder) || @mkdir($folder, 0700, true);
    return $folder;
}

/** Writes the letter down and returns its path; an order that cannot be kept is not taken. */
function keep(array $letter): string
{
    $path = spool() . "/{$letter['id']}.json";
    $text = json_encode($letter, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    // Renamed when complete: nobody ever reads half a letter.
    if (!write_through("$path.new", $text) || !rename("$path.new", $path)) {
        refuse('spool', 503);
    }
    return $path;
}

function write_through(string $path, string $text): bool
{
    $file = @fopen($path, 'x');
    return $file && fwrite($file, $text) === strlen($text) && fsync($file) && fclose($file);
}

/** Sends one letter and forgets it only when the mail system has it. */
function deliver(string $path): bool
{
    $file = @fopen($path, 'r');
    // The lock, and a look whether the letter still lies there: nobody sends it a second time.
    if (!$file || !flock($file, LOCK_EX | LOCK_NB) || fstat($file)['nlink'] === 0) {
        return false;
    }
    if (send(json_decode(stream_get_contents($file), true))) {
        return unlink($path);
    }
    touch($path); // to the back of the queue: one bad address must not block the others
    return false;
}

/** Tries what waits, oldest first; returns how many letters were sent. */
function deliver_waiting(int $most = PHP_INT_MAX): int
{
    return count(array_filter(array_slice(waiting_letters(), 0, $most), deliver(...)));
}

function waiting_letters(): array
{
    $paths = glob(spool() . '/*.json');
    usort($paths, fn($a, $b) => [@filemtime($a), $a] <=> [@filemtime($b), $b]);
    return $paths;
}
