<section class="answer">
    <h1><?= e(say('sorry')) ?></h1>
    <p><?= e(say("error.$error", [
        '{upload_max_filesize}' => ini_get('upload_max_filesize'),
        '{post_max_size}' => ini_get('post_max_size'),
    ])) ?></p>
    <a href="<?= link_to('index.php') ?>"><?= e(say('back')) ?></a>
</section>
