<?php
// Everything the shop says in Japanese.

return [
    'shop' => '月見茶舗',
    'place' => '京都・先の満月より',
    'title' => "月を見ながら、\nお茶を一服。",
    'welcome' => '昼に摘み、夕べに焙じ、夜に注ぐ。',
    'back' => '店先へ戻る',

    'tea.hojicha' => 'ひとくちほうじ茶',
    'tea.genmaicha' => 'うさぎの玄米茶',
    'tea.sencha' => '月夜の煎茶',
    'tea.gyokuro' => '玉露 月のしずく',
    'note.hojicha' => '香ばしく、ほんの一服',
    'note.genmaicha' => 'うさぎが搗いたお米入り',
    'note.sencha' => '澄んだ緑、冴えた目覚め',
    'note.gyokuro' => '日陰育ちの、深い甘み',

    'offer' => '{off}%引き',
    'offer.page' => '本日のお値段',

    'delivery.short' => '新年のお茶のお届け',
    'delivery.page' => '新年のお茶をお届けする日時',
    'delivery.format' => 'n月j日 H:i',
    'delivery.zone' => 'このサーバーの時計: {zone}',

    'find.title' => 'お茶を探す',
    'find.over' => 'この金額(円)を超える最初のお茶',
    'find.button' => '探す',
    'find.page' => 'おすすめは',
    'find.none' => 'ございません',
    'find.none.note' => 'そこまで高いお茶は置いておりません。',

    'photo.title' => 'あなたの月を見せて',
    'photo.choose' => '月とお茶の写真',
    'photo.button' => '写真を送る',
    'photo.page' => '見事な月ですね',
    'photo.received' => '{size} MB を受け取りました。拝見しただけで、保存はしていません。',

    'order.title' => 'ご注文',
    'order.tea' => 'お茶',
    'order.quantity' => '袋数',
    'order.email' => 'メールアドレス',
    'order.button' => '注文する',
    'order.page' => 'ありがとうございます。ご注文番号',
    'order.accepted' => '確認のメールをお送りしました。',
    'order.waiting' => 'ご注文は確かにお預かりしました。メールが復旧しだい、確認をお送りします。',

    'mail.subject' => '🌕 ご注文 {order} を承りました(月見茶舗)',
    'mail.body' => "ご注文 {order} ありがとうございます。\n\n  {tea} × {quantity}\n  合計: {total}\n\n新年のお茶は {delivery} にお届けします。\n\n月見茶舗(京都)\n",

    'sorry' => '申し訳ございません',
    'error.price' => '価格を整数の円でご指定ください。',
    'error.off' => '割引率を0から100の整数でご指定ください。',
    'error.over' => '金額を整数の円でご指定ください。',
    'error.email' => 'このメールアドレスにはお送りできません。ご確認ください。',
    'error.tea' => 'このお茶は取り扱いがございません。',
    'error.quantity' => '袋数は1から99までお選びください。',
    'error.method' => 'このページはフォーム専用です。店先からどうぞ。',
    'error.upload_max_filesize' => '写真が大きすぎます。このサーバーの上限は {upload_max_filesize} です。',
    'error.post_max_size' => '写真が大きすぎます。このサーバーの上限は {post_max_size} です。',
    'error.photo_missing' => '写真がありません。先にお選びください。',
    'error.photo_incomplete' => '写真が途中で途切れました。もう一度お送りください。',
    'error.photo_unstored' => 'このサーバーでは写真を受け取れませんでした。',
    'error.spool' => 'ご注文を書き留められず、承れませんでした。しばらくしてからお試しください。',
    'error.elsewhere' => 'このサーバー自身からのみご覧いただけます。',
];
