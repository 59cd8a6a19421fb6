@echo off
rem Starts tralign's command line. TRALIGN_JAVA_OPTS: further options for Java, such as -Xmx4g.
setlocal
set "JAVA=java.exe"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
set OPT_OUT_TRACKING=true
"%JAVA%" -XX:+UseSerialGC -Xms32m --enable-native-access=ALL-UNNAMED -Dfile.encoding=UTF-8 ^
  -Djava.awt.headless=true -Dai.djl.offline=true -Dtralign.command=tralign ^
  %TRALIGN_JAVA_OPTS% -jar "%~dp0..\tralign.jar" %*
exit /b %ERRORLEVEL%
