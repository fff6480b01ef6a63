# Answers every request with 200 and what it may do, as small as a web server can be.
use strict;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
    while (defined(my $line = <$client>)) { last if $line =~ /^\r?$/ }
    my @writable = grep { open my $file, '>', "$_/written" } qw(/ /etc /tmp /run);
    my $body = "$ENV{COLOUR} @writable";
    printf $client "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s", length $body, $body;
    close $client;
}
