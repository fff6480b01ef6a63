<section class="hero">
    <h1><?= nl2br(e(say('title'))) ?></h1>
    <p class="welcome"><?= e(say('welcome')) ?></p>
    <p class="arrival"><a href="<?= link_to('delivery.php') ?>">
        <?= e(say('delivery.short')) ?> <b><?= e($delivery) ?></b></a></p>
</section>

<section class="shelf">
<?php foreach ($teas as $id => $tea): ?>
    <article class="<?= e($id) ?>">
        <div class="cup"></div>
        <h2><?= e(tea_name($id)) ?></h2>
        <p><?= e(say("note.$id")) ?></p>
        <?php if ($tea['off']): ?>
            <p class="price"><a href="<?= link_to('offer.php', $tea) ?>"><?= yen(tea_price($id)) ?>
                <s><?= yen($tea['price']) ?></s> <em><?= e(say('offer', ['{off}' => $tea['off']])) ?></em></a></p>
        <?php else: ?>
            <p class="price"><?= yen($tea['price']) ?></p>
        <?php endif ?>
    </article>
<?php endforeach ?>
</section>

<section class="counter">
    <form action="find.php">
        <h2><?= e(say('find.title')) ?></h2>
        <label><?= e(say('find.over')) ?>
            <input type="number" name="over" value="500" min="0"></label>
        <input type="hidden" name="lang" value="<?= language() ?>">
        <button><?= e(say('find.button')) ?></button>
    </form>
    <form action="photo.php?lang=<?= language() ?>" method="post" enctype="multipart/form-data">
        <h2><?= e(say('photo.title')) ?></h2>
        <label><?= e(say('photo.choose')) ?>
            <input type="file" name="photo" accept="image/*"></label>
        <button><?= e(say('photo.button')) ?></button>
    </form>
    <form action="order.php" method="post">
        <h2><?= e(say('order.title')) ?></h2>
        <label><?= e(say('order.tea')) ?>
            <select name="tea">
            <?php foreach ($teas as $id => $tea): ?>
                <option value="<?= e($id) ?>"><?= e(tea_name($id)) ?></option>
            <?php endforeach ?>
            </select></label>
        <label><?= e(say('order.quantity')) ?>
            <input type="number" name="quantity" value="1" min="1" max="99"></label>
        <label><?= e(say('order.email')) ?>
            <input type="email" name="email" placeholder="usagi@example.com" required></label>
        <input type="hidden" name="lang" value="<?= language() ?>">
        <button><?= e(say('order.button')) ?></button>
    </form>
</section>
