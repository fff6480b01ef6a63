<!doctype html>
<html lang="<?= language() ?>">
<head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title><?= e(say('shop')) ?></title>
    <link rel="stylesheet" href="style.css">
    <link rel="icon" href="moon.svg">
</head>
<body class="<?= e($kind) ?>">
<header>
    <a class="shop" href="<?= link_to('index.php') ?>"><?= e(say('shop')) ?></a>
    <span class="place"><?= e(say('place')) ?></span>
    <nav>
        <?php foreach (LANGUAGES as $code => $name): ?>
            <a href="<?= link_to('index.php', ['lang' => $code]) ?>" lang="<?= $code ?>"
               <?= $code === language() ? 'aria-current="true"' : '' ?>><?= e($name) ?></a>
        <?php endforeach ?>
    </nav>
</header>
<main>
<?= $content ?>
</main>
<?php $server = server_strip() ?>
<footer class="<?= e($server['stage']) ?>">
    <strong><?= e($server['stage']) ?></strong>
    <span>PHP <?= e($server['php']) ?></span>
    <span><?= e($server['zone']) ?></span>
</footer>
</body>
</html>
