<?php
// What the shop says, in the visitor's language.

const LANGUAGES = ['en' => 'English', 'ja' => '日本語'];

function language(): string
{
    $asked = $_POST['lang'] ?? $_GET['lang'] ?? null;
    return is_string($asked) && isset(LANGUAGES[$asked]) ? $asked : browser_language();
}

function browser_language(): string
{
    $first = Locale::acceptFromHttp($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '') ?: 'en';
    return str_starts_with($first, 'ja') ? 'ja' : 'en';
}

function say(string $key, array $words = []): string
{
    static $sentences = [];
    $language = language();
    $sentences[$language] ??= require __DIR__ . "/../lang/$language.php";
    return strtr($sentences[$language][$key], $words);
}
