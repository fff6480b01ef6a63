<section class="answer">
    <p><?= e(say('order.page')) ?></p>
    <h1><?= e($order) ?></h1>
    <p><?= e(say("order.$mail")) ?></p>
    <a href="<?= link_to('index.php') ?>"><?= e(say('back')) ?></a>
</section>
