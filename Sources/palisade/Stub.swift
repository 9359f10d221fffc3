import ArgumentParser
import AsyncHTTPClient
import GRDB
import Hummingbird
import Subprocess

@main struct P { static func main() {} }
