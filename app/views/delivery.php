<section class="answer">
    <p><?= e(say('delivery.page')) ?></p>
    <h1><?= e($delivery) ?></h1>
    <p><?= e(say('delivery.zone', ['{zone}' => $zone])) ?></p>
    <a href="<?= link_to('index.php') ?>"><?= e(say('back')) ?></a>
</section>
