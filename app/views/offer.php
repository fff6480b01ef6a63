<section class="answer">
    <p><?= e(say('offer.page')) ?></p>
    <h1><?= yen($discounted) ?></h1>
    <p><s><?= yen($price) ?></s> <em><?= e(say('offer', ['{off}' => $off])) ?></em></p>
    <a href="<?= link_to('index.php') ?>"><?= e(say('back')) ?></a>
</section>
