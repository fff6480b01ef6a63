<?php
// Everything the shop says in English.

return [
    'shop' => 'Moonview Tea',
    'place' => 'Kyoto, since the last full moon',
    'title' => "Tea for looking\nat the moon",
    'welcome' => 'Picked by day, roasted at dusk, poured at night.',
    'back' => 'Back to the shop',

    'tea.hojicha' => 'One-cup Hojicha',
    'tea.genmaicha' => 'Rabbit Genmaicha',
    'tea.sencha' => 'Moonlight Sencha',
    'tea.gyokuro' => 'Dewdrop Gyokuro',
    'note.hojicha' => 'Roasted, for a small thirst',
    'note.genmaicha' => 'With rice the rabbit pounded',
    'note.sencha' => 'Green, clear and wide awake',
    'note.gyokuro' => 'Shaded, slow and sweet',

    'offer' => '{off} % off',
    'offer.page' => 'Today you pay',

    'delivery.short' => "New Year's tea arrives",
    'delivery.page' => "New Year's tea is at your door on",
    'delivery.format' => 'j F, H:i',
    'delivery.zone' => 'by the clock of this server: {zone}',

    'find.title' => 'Find a tea',
    'find.over' => 'The first one above, in yen',
    'find.button' => 'Find it',
    'find.page' => 'We recommend',
    'find.none' => 'Nothing that precious',
    'find.none.note' => 'No tea of ours costs that much.',

    'photo.title' => 'Show us your moon',
    'photo.choose' => 'A photo of your cup under it',
    'photo.button' => 'Send the photo',
    'photo.page' => 'What a moon!',
    'photo.received' => '{size} MB arrived safely. We have looked at it and kept nothing.',

    'order.title' => 'Order',
    'order.tea' => 'Tea',
    'order.quantity' => 'Packets',
    'order.email' => 'Your e-mail address',
    'order.button' => 'Order it',
    'order.page' => 'Thank you. Your order is',
    'order.accepted' => 'The confirmation is on its way to you.',
    'order.waiting' => 'Your order is safe with us. Our post is resting; the confirmation follows as soon as it is back.',

    'mail.subject' => '🌕 Your order {order} at Moonview Tea',
    'mail.body' => "Thank you for your order {order}.\n\n  {tea} × {quantity}\n  Total: {total}\n\nNew Year's tea arrives on {delivery}.\n\nMoonview Tea, Kyoto\n",

    'sorry' => 'We are sorry',
    'error.price' => 'Which price? Whole yen, please.',
    'error.off' => 'How much off? A whole number from 0 to 100, please.',
    'error.over' => 'Above how many yen? A whole number, please.',
    'error.email' => 'We cannot write to this e-mail address. Is it complete?',
    'error.tea' => 'We do not have this tea.',
    'error.quantity' => 'From 1 to 99 packets, please.',
    'error.method' => 'This page only takes forms. Please begin at the shop.',
    'error.upload_max_filesize' => "Your photo is too large. This server takes files up to\u{a0}{upload_max_filesize}.",
    'error.post_max_size' => "Your photo is far too large. This server takes forms up to\u{a0}{post_max_size}.",
    'error.photo_missing' => 'There was no photo. Please choose one first.',
    'error.photo_incomplete' => 'Only a part of your photo arrived. Please send it again.',
    'error.photo_unstored' => 'This server could not hold your photo.',
    'error.spool' => 'We cannot write your order down, so we have not taken it. Please try again soon.',
    'error.elsewhere' => 'Only this machine itself may ask that.',
];
