<section class="answer">
    <h1><?= e(say('photo.page')) ?></h1>
    <p><?= e(say('photo.received', ['{size}' => number_format($received / 1024 ** 2, 1)])) ?></p>
    <a href="<?= link_to('index.php') ?>"><?= e(say('back')) ?></a>
</section>
