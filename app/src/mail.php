<?php
// Writes the confirmation of an order and hands it to whatever mail system the server has.

function confirmation(array $order): array
{
    $words = [
        '{order}' => $order['id'],
        '{tea}' => tea_name($order['tea']),
        '{quantity}' => $order['quantity'],
        '{total}' => yen($order['total']),
        '{delivery}' => delivery_time(),
    ];
    return [
        'id' => $order['id'],
        'to' => $order['email'],
        'shop' => say('shop'),
        'subject' => say('mail.subject', $words),
        'body' => say('mail.body', $words),
    ];
}

function send(array $letter): bool
{
    // UTF-8 whatever mbstring.language the server was given.
    mb_language('uni');
    return mb_send_mail($letter['to'], $letter['subject'], $letter['body'], [
        'From' => mb_encode_mimeheader($letter['shop'], 'UTF-8') . ' <shop@moonview.example>',
        // The same on every attempt: a mail that is sent twice can be recognised.
        'Message-ID' => "<{$letter['id']}@moonview.example>",
    ]);
}
