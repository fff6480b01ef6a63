<section class="answer">
    <p><?= e(say('find.page')) ?></p>
    <h1><?= e($found ?? say('find.none')) ?></h1>
    <p><?= $found ? yen($price) : e(say('find.none.note')) ?></p>
    <a href="<?= link_to('index.php') ?>"><?= e(say('back')) ?></a>
</section>
